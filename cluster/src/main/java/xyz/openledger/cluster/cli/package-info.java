/**
 * What people type. A verb reads its words, calls the member (or nobody), and prints: data on
 * standard output, everything else on standard error.
 *
 * <p>Start at {@link xyz.openledger.cluster.cli.OpenLedger}.
 */
@NullMarked
package xyz.openledger.cluster.cli;

import org.jspecify.annotations.NullMarked;
