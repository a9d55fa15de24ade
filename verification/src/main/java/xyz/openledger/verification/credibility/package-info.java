/**
 * How far a result can be believed, given who gave it and how it was checked: the closed forms of
 * redundant execution. Pure arithmetic; the rules of a job decide by it.
 *
 * <p>Throughout, {@code saboteurs} is the fraction of machines that may lie, {@code errorRate} how
 * often such a machine does, and the worst is assumed of them: that all their wrong results are the
 * same.
 *
 * <p>Start at {@link xyz.openledger.verification.credibility.Credibility}.
 */
@NullMarked
package xyz.openledger.verification.credibility;

import org.jspecify.annotations.NullMarked;
