package greenwave.kernels.cuda;

import greenwave.kernels.Backend;
import greenwave.kernels.BackendProvider;
import greenwave.kernels.DeviceException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Offers {@code cuda:N}: device N of NVIDIA's driver, device 0 if none is named. */
public final class CudaProvider implements BackendProvider {
    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int rank() {
        return 20;
    }

    @Override
    public Optional<String> probe(final String device) {
        if (!device.matches("\\d{0,3}")) {
            return Optional.of("device=%s, expected a number".formatted(device));
        }
        try {
            return CudaDevice.refusal(index(device));
        } catch (final DeviceException e) {
            return Optional.of(e.getMessage());
        } catch (final LinkageError e) { // JCuda's jars are missing
            return Optional.of(e.toString());
        }
    }

    @Override
    public List<String> findings() {
        try {
            return findings(CudaLibraries.get());
        } catch (final DeviceException e) {
            return List.of(e.getMessage());
        } catch (final LinkageError e) {
            return List.of(); // probe says it
        }
    }

    private static List<String> findings(final CudaLibraries libraries) {
        final List<String> lines = new ArrayList<>();
        if (libraries.refusal().isEmpty()) {
            try {
                CudaDevice.all()
                        .forEach(
                                device ->
                                        lines.add("cuda:%d %s".formatted(device.index(), device)));
            } catch (final DeviceException e) {
                lines.clear(); // none is usable, as probe says; the libraries are worth knowing
                // still
            }
        }
        libraries.found().forEach(library -> lines.add(library.toString()));
        if (libraries.refusal().isEmpty()) {
            libraries
                    .nvrtcRefusal()
                    .ifPresent(
                            reason ->
                                    lines.add(
                                            "NVRTC cannot be used, packaged kernels are: "
                                                    + reason));
        }
        return lines;
    }

    @Override
    public Backend open(final String device) {
        final Optional<String> refusal = probe(device);
        if (refusal.isPresent()) {
            throw new IllegalStateException(
                    "backend: requested=cuda:%s, refused: %s".formatted(device, refusal.get()));
        }
        return new CudaBackend(CudaContext.open(index(device)));
    }

    private static int index(final String device) {
        return device.isEmpty() ? 0 : Integer.parseInt(device);
    }
}
