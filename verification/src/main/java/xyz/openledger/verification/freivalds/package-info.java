/**
 * Integer products checked without computing them again: a random combination of the columns must
 * agree on both sides (Freivalds). Exact arithmetic only; nothing here is about floating point.
 */
@NullMarked
package xyz.openledger.verification.freivalds;

import org.jspecify.annotations.NullMarked;
