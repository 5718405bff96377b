package greenwave.kernels;

/** A device's driver or library refused a call; what was queued before it is in an undefined state. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String call;
    private final int code;

    /**
     * @param call the function that failed
     * @param code its status
     * @param text what the library says of that status
     */
    public DeviceException(final String call, final int code, final String text) {
        super("%s: status=%d, %s".formatted(call, code, text));
        this.call = call;
        this.code = code;
    }

    /** {@return the function that failed, as its library names it} */
    public String call() {
        return call;
    }

    /** {@return its status, as its library numbers it} */
    public int code() {
        return code;
    }
}
