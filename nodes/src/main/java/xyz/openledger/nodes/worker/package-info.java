/**
 * Worker processes: each takes tasks from its standard input, one after another, and answers on its
 * standard output.
 *
 * <p>Start at {@link xyz.openledger.nodes.worker.WorkerPool}. What runs inside the sandbox is
 * {@code WorkerMain} and {@code WorkerLoop}; {@code WorkerProcess} is their counterpart outside,
 * and trusts nothing they say further than {@code FrameReader} has checked it. A worker is reused
 * for task after task, whoever they belong to, because each task gets a WebAssembly instance of its
 * own.
 */
@NullMarked
package xyz.openledger.nodes.worker;

import org.jspecify.annotations.NullMarked;
