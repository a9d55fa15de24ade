package xyz.openledger.cluster.bench;

import java.util.List;
import xyz.openledger.protocol.TenantId;

/** A network that is measured: it takes jobs, and tells the {@link Trial} what becomes of them. */
interface Target extends AutoCloseable {

  /** Whose jobs they are. */
  TenantId tenant();

  /** What is real in it and what is not, in a sentence each. */
  List<String> conditions();

  /** The most jobs of one {@link #submit}. */
  int batchMax();

  /** The most jobs worth having on their way at once. */
  int windowMax();

  /** Of how many ends one is asked for where times matter: asking may cost as much as a job. */
  int timedEvery();

  /** Those to tell of answers and of ends from now on. */
  void tell(Trial trial);

  /**
   * Submits jobs, under the keys that the trial has for their numbers.
   *
   * @param numbers 1 to {@link #batchMax} of them
   */
  void submit(Trial trial, List<Integer> numbers);

  /** What is not as it must be after all trials: nothing, if all is well. */
  List<String> findings();

  @Override
  void close();
}
