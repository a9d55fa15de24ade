/**
 * Evidence of trusted execution environments: what AMD's and Intel's hardware signs about the
 * program that runs in it, judged with the JDK alone.
 *
 * <p>Start at {@link xyz.openledger.verification.tee.Attestation}.
 */
@NullMarked
package xyz.openledger.verification.tee;

import org.jspecify.annotations.NullMarked;
