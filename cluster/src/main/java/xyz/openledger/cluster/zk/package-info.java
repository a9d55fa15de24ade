/** Proving what a private model answers, on the machine of who holds it. */
@NullMarked
package xyz.openledger.cluster.zk;

import org.jspecify.annotations.NullMarked;
