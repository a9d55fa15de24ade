/**
 * Files of ONNX, read by ourselves before anybody else's code sees them: whatever is not known to
 * be harmless is refused.
 */
@NullMarked
package xyz.openledger.models.onnx;

import org.jspecify.annotations.NullMarked;
