package greenwave.kernels;

/** The part of {@link Kernels} that treats each row as a distribution of returns (Bellemare et al. 2017, Dabney et al. 2018). */
public interface DistributionKernels {
    /**
     * y[r] = what the distribution of row r becomes when each atom z moves to reward[r] + discount[r] · z, is kept within
     * [low, high], and gives its probability to the two atoms beside it, more to the nearer: the projection of C51 (Bellemare
     * et al. 2017, arXiv:1707.06887, algorithm 1). The mass of a row stays as it is.
     *
     * @param p probabilities [rows, atoms] of the atoms from {@code low} to {@code high}, evenly spaced
     * @param reward [rows]
     * @param discount [rows]
     * @param low below {@code high}
     * @param y [rows, atoms]
     * @param atoms at least 2
     */
    void projectCategorical(
            Buffer p,
            Buffer reward,
            Buffer discount,
            float low,
            float high,
            Buffer y,
            int rows,
            int atoms);

    /**
     * y[r] = sum over i of the mean over j of |t[i] - (1 if u is negative)| · huber(u), with u = goal[r, j] - x[r, i], t[i] =
     * (2 i + 1) / (2 n) and huber(u) = u² / (2 kappa) where |u| is below kappa, else |u| - kappa / 2: the quantile Huber loss
     * (Dabney et al. 2018, arXiv:1710.10044, equations 9 and 10; its Huber loss is divided by kappa, as in later papers).
     *
     * @param x estimated quantiles [rows, n]
     * @param goal draws [rows, m]
     * @param kappa positive
     * @param y [rows]
     */
    void quantileHuber(Buffer x, Buffer goal, float kappa, Buffer y, int rows, int n, int m);

    /**
     * dx[r, i] -= dy[r] · mean over j of |t[i] - (1 if u is negative)| · clamp(u / kappa, -1, 1): {@link #quantileHuber}'s
     * gradient by x.
     *
     * @param dy [rows]
     * @param dx [rows, n]
     */
    void addQuantileHuberGradient(
            Buffer x, Buffer goal, float kappa, Buffer dy, Buffer dx, int rows, int n, int m);
}
