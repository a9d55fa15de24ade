package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Starts forty threads, says so, and stays until its input ends. */
public final class ManyThreads {
  private ManyThreads() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    for (int thread = 0; thread < 40; thread++) {
      Thread.ofPlatform().daemon().start(LockSupport::park);
    }
    System.out.println("all run");
    System.exit(System.in.read() < 0 ? 0 : 1);
  }
}
