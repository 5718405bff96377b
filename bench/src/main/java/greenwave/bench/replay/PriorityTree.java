package greenwave.bench.replay;

import java.util.random.RandomGenerator;

/** What every design of a tree of priorities can do; all but {@link NumpyTree} from any number of threads. */
interface PriorityTree extends AutoCloseable {
    int NONE = -1;

    /** Sets the priority of a slot. */
    void set(int slot, double priority);

    /** Replaces what a slot holds, as an insert does. */
    void insert(int slot, double priority);

    /** {@return a way for one thread to draw and update batches} */
    Learner learner(int maxBatch);

    double total();

    @Override
    void close();

    /** One thread's draws and updates. */
    interface Learner {
        /** Draws {@code n} slots, one from each of n equal parts of the total; {@link #NONE} where none could be. */
        void sample(RandomGenerator random, int n, int[] slots);

        /** Sets the priorities of the slots drawn last. */
        void update(int n, int[] slots, double[] priorities);
    }
}
