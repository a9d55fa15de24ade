package xyz.openledger.nodes.worker;

import xyz.openledger.nodes.sandbox.ClassPath;
import xyz.openledger.nodes.sandbox.JavaProgram;
import xyz.openledger.nodes.sandbox.ResourceLimits;

/** What the workers of a pool are: which program, and what it may take. */
interface PoolProgram {
  /** Copies the jars that workers with these settings need. */
  ClassPath classPath(WorkerSettings settings);

  /**
   * How a worker is started.
   *
   * @param dutyPercent the share of a core that it has to keep to by itself
   */
  JavaProgram on(ClassPath classPath, WorkerSettings settings, int dutyPercent);

  /** What its process may take, addresses and files included. */
  ResourceLimits limits(WorkerSettings settings);

  /** The real memory that it may take. */
  long residentMaxBytes(WorkerSettings settings);
}
