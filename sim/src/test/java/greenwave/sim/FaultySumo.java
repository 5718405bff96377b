package greenwave.sim;

import greenwave.sim.libtraci.SumoInstallation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real SUMO behind a shell script that makes trouble before, or after. */
public final class FaultySumo {
    private FaultySumo() {}

    /**
     * Has SUMO started through {@code script}, until {@link #remove}. The script finds SUMO as {@code
     * $SUMO} and a folder of its own as {@code $HERE}; what it does in {@code if once NAME; then}, it does
     * for the first process to come there.
     */
    public static void install(final Path folder, final String script) throws IOException {
        System.setProperty(SumoInstallation.PROPERTY, write(folder, script).toString());
    }

    /** {@return such a program} */
    public static Path write(final Path folder, final String script) throws IOException {
        final Path sumo = SumoInstallation.find().program();
        final Path file =
                Files.writeString(
                        folder.resolve("sumo.sh"),
                        """
                        #!/bin/sh
                        SUMO='%s'
                        HERE='%s'
                        once() { mkdir "$HERE/$1" 2>/dev/null; }
                        %s
                        """
                                .formatted(sumo, folder, script));
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
        return file;
    }

    /** Has SUMO started as usual again. */
    public static void remove() {
        System.clearProperty(SumoInstallation.PROPERTY);
    }
}
