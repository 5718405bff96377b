package greenwave.sim.app;

/** Text in a page. */
final class Html {
    private Html() {}

    /** {@return {@code text} with everything replaced that means something in HTML, in text or in an attribute} */
    static String escaped(final String text) {
        final StringBuilder safe = new StringBuilder(text.length());
        text.chars()
                .forEach(
                        c -> {
                            switch (c) {
                                case '&' -> safe.append("&amp;");
                                case '<' -> safe.append("&lt;");
                                case '>' -> safe.append("&gt;");
                                case '"' -> safe.append("&quot;");
                                case '\'' -> safe.append("&#39;");
                                default -> safe.append((char) c);
                            }
                        });
        return safe.toString();
    }
}
