/**
 * A short proof that a matrix product is right (Thaler's sum-check): its reader needs one
 * evaluation of each matrix and not the product's steps.
 */
@NullMarked
package xyz.openledger.verification.sumcheck;

import org.jspecify.annotations.NullMarked;
