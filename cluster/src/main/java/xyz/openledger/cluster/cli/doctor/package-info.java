/**
 * Looks whether this machine can do what a verb will ask of it.
 *
 * <p>Start at {@link xyz.openledger.cluster.cli.doctor.Finding}.
 */
@NullMarked
package xyz.openledger.cluster.cli.doctor;

import org.jspecify.annotations.NullMarked;
