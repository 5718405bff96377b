package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import org.eclipse.sumo.libtraci.libtraciJNI;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code liblibtracijni.so}, the JNI form of SUMO's client library; Debian's package {@code sumo} has
 * it. Looked for, in this order:
 *
 * <ol>
 *   <li>{@code -Dgreenwave.libtraci=PATH}: this file and no other
 *   <li>{@code $SUMO_HOME/bin}, {@code $SUMO_HOME/lib}, {@code $SUMO_HOME/lib/jni}
 *   <li>{@code /usr/lib/<architecture>-linux-gnu/jni}, {@code /usr/lib/jni}, {@code /usr/lib64},
 *       {@code /usr/local/lib/jni}, {@code /usr/local/lib}
 *   <li>the folders of {@code java.library.path}
 * </ol>
 *
 * @param file the library, absolute
 */
public record TraciLibrary(Path file) {
    /** System property that names the library. */
    public static final String PROPERTY = "greenwave.libtraci";

    private static final String FILE_NAME = "liblibtracijni.so";

    /**
     * {@return the first library found in the places above}
     *
     * @throws SumoException if there is none
     */
    public static TraciLibrary find() {
        final String chosen = System.getProperty(PROPERTY);
        if (chosen != null) {
            final Path file = Path.of(chosen).toAbsolutePath();
            if (!Files.isRegularFile(file)) {
                throw new SumoException(
                        "libtraci not found: -D%s=%s, expected a file".formatted(PROPERTY, chosen));
            }
            return new TraciLibrary(file);
        }
        final List<Path> folders = folders();
        for (final Path folder : folders) {
            final Path file = folder.resolve(FILE_NAME);
            if (Files.isRegularFile(file)) {
                return new TraciLibrary(file);
            }
        }
        throw new SumoException(
                "libtraci not found: install it with 'apt-get install sumo', or give -D%s=PATH of %s (looked in %s)"
                        .formatted(
                                PROPERTY,
                                FILE_NAME,
                                String.join(", ", folders.stream().map(Path::toString).toList())));
    }

    private static List<Path> folders() {
        final List<Path> folders = new ArrayList<>();
        final String sumoHome = System.getenv("SUMO_HOME");
        if (sumoHome != null && !sumoHome.isEmpty()) {
            folders.add(Path.of(sumoHome, "bin"));
            folders.add(Path.of(sumoHome, "lib"));
            folders.add(Path.of(sumoHome, "lib", "jni"));
        }
        final String arch = System.getProperty("os.arch");
        final String debianArch = arch.equals("amd64") ? "x86_64" : arch;
        folders.add(Path.of("/usr/lib", debianArch + "-linux-gnu", "jni"));
        folders.add(Path.of("/usr/lib/jni"));
        folders.add(Path.of("/usr/lib64"));
        folders.add(Path.of("/usr/local/lib/jni"));
        folders.add(Path.of("/usr/local/lib"));
        for (final String entry :
                System.getProperty("java.library.path", "").split(File.pathSeparator)) {
            if (!entry.isEmpty() && !folders.contains(Path.of(entry))) {
                folders.add(Path.of(entry));
            }
        }
        return folders;
    }

    /**
     * Opens a client with static state of its own. The library's copy in {@code folder} is gone when
     * this returns.
     *
     * @throws SumoException if the file cannot be copied, or is not libtraci's JNI library
     */
    public Traci open(final Path folder) {
        try {
            final Path copy = Files.createTempFile(folder, "libtraci", ".so");
            try {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                return open(copy.toString());
            } finally {
                Files.delete(copy); // the loader has mapped it
            }
        } catch (final IOException e) {
            throw new SumoException("libtraci: cannot copy %s: %s".formatted(file, e), e);
        }
    }

    private Traci open(final String copy) {
        final IsolatedLoader loader = new IsolatedLoader();
        // On the module path the loader's classes must be told that they may see this package.
        TraciLibrary.class
                .getModule()
                .addExports(TraciLibrary.class.getPackageName(), loader.getUnnamedModule());
        try {
            final Traci traci =
                    (Traci)
                            loader.loadClass(JniTraci.class.getName())
                                    .getConstructor(String.class)
                                    .newInstance(copy);
            traci.speaks(0); // binds a method, so that a wrong library is noticed here
            return traci;
        } catch (final InvocationTargetException | UnsatisfiedLinkError e) {
            final Throwable cause =
                    e instanceof InvocationTargetException wrapped ? wrapped.getCause() : e;
            throw new SumoException(
                    "libtraci: cannot load %s: %s".formatted(file, cause.getMessage()), cause);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("libtraci: the bridging class is broken", e);
        }
    }

    /** Defines the native class and its user anew; everything else is the parent's. */
    private static final class IsolatedLoader extends ClassLoader {
        IsolatedLoader() {
            super(TraciLibrary.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(final String name, final boolean resolve)
                throws ClassNotFoundException {
            if (!isOwn(name)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                final Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        /** javac gives a switch over an enum a nested class. */
        private static boolean isOwn(final String name) {
            return name.equals(libtraciJNI.class.getName())
                    || name.equals(JniTraci.class.getName())
                    || name.startsWith(JniTraci.class.getName() + '$');
        }

        private Class<?> define(final String name) throws ClassNotFoundException {
            final String path = '/' + name.replace('.', '/') + ".class";
            try (InputStream in = TraciLibrary.class.getResourceAsStream(path)) {
                if (in == null) {
                    throw new ClassNotFoundException(name + ": no bytes at " + path);
                }
                final byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (final IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
