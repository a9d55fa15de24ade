/**
 * Two parties claim different outcomes of one network. A referee that does not run it finds out who
 * is wrong: they name the first operator, tile and number in which they differ, and the referee
 * computes at most 64 multiply-adds.
 */
@NullMarked
package xyz.openledger.verification.dispute;

import org.jspecify.annotations.NullMarked;
