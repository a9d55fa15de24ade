/**
 * A commitment to a model's activations that survives the small differences of floating point
 * (TOPLOC, arXiv 2501.16007). Statistical: it finds another model or prompt by how unlike its
 * numbers are, and proves nothing. The method {@code toploc} of policies rests on it.
 */
@NullMarked
package xyz.openledger.verification.toploc;

import org.jspecify.annotations.NullMarked;
