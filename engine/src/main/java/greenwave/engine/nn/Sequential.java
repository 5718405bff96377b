package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

import java.util.List;

/**
 * Modules one after another; the names of the parameters start with the module's number, as torch.nn.Sequential's do.
 *
 * @param modules in order
 */
public record Sequential(List<Module> modules) implements Module {
    /** Keeps a copy of the list. */
    public Sequential {
        modules = List.copyOf(modules);
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        for (int i = 0; i < modules.size(); i++) {
            modules.get(i).declare(layout, prefix + i + ".");
        }
    }

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        Tensor y = x;
        for (int i = 0; i < modules.size(); i++) {
            y = modules.get(i).forward(y, scope.child(Integer.toString(i)));
        }
        return y;
    }
}
