/** Values in a trace and their shapes. */
package greenwave.engine.tensor;
