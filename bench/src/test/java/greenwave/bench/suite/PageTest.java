package greenwave.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;

/** The page of the newest stored suite. */
class PageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 2400;

    @TempDir Path folder;

    @Test
    void thePageHoldsItsPicturesAndAsksForNothingElse() throws Exception {
        final Map<String, byte[]> charts = Charts.of(StoredSuite.newest());
        final String page = Page.of(StoredSuite.newest(), charts);
        assertTrue(charts.containsKey("worlds"), charts.keySet()::toString);
        assertEquals(charts.size(), page.split("src=\"data:image/png;base64,", -1).length - 1);
        assertEquals(charts.size(), page.split(" src=", -1).length - 1);
        for (final String foreign : List.of("http:", "https:", "<link", "<script", "url(", "@")) {
            assertFalse(page.replace("@media", "").contains(foreign), foreign);
        }
    }

    static boolean chromiumIsInstalled() {
        return Files.isExecutable(CHROMIUM);
    }

    @Test
    @EnabledIf("chromiumIsInstalled")
    void aBrowserWithoutANetworkShowsIt() throws Exception {
        final Path page = folder.resolve("index.html");
        final Path shot = folder.resolve("shot.png");
        Files.writeString(page, Page.of(StoredSuite.newest(), Charts.of(StoredSuite.newest())));
        final Process chromium =
                new ProcessBuilder(
                                CHROMIUM.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--hide-scrollbars",
                                "--host-resolver-rules=MAP * ~NOTFOUND",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--window-size=%d,%d".formatted(WIDTH, HEIGHT),
                                "--screenshot=" + shot,
                                page.toUri().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("chromium.txt").toFile())
                        .start();
        final boolean ended = chromium.waitFor(300, TimeUnit.SECONDS);
        chromium.destroyForcibly();
        assertTrue(ended && Files.exists(shot), Files.readString(folder.resolve("chromium.txt")));
        final BufferedImage seen = ImageIO.read(shot.toFile());
        assertEquals(WIDTH, seen.getWidth());
        final Set<Integer> colours = new HashSet<>();
        int green = 0; // of our lines, bars and cards
        for (int y = 0; y < seen.getHeight(); y++) {
            for (int x = 0; x < WIDTH; x++) {
                final int pixel = seen.getRGB(x, y) & 0xffffff;
                colours.add(pixel);
                green += pixel == 0x0b7a5e ? 1 : 0;
            }
        }
        assertTrue(colours.size() > 100, "colours=" + colours.size());
        assertTrue(green > 1000, "pixels of ours=" + green);
    }
}
