/**
 * Networks as ONNX models, for runtimes that know nothing of Greenwave: a recorded computation is translated op by op.
 */
package greenwave.engine.onnx;
