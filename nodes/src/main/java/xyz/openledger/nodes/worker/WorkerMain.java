package xyz.openledger.nodes.worker;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;
import xyz.openledger.nodes.execution.EndiveEngine;
import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.nodes.sandbox.Attached;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.WasmGate;

/**
 * The program in the sandbox. Standard input and output carry frames and nothing else: whatever
 * prints goes to standard error. Its one argument is the share of a core it may use, in percent.
 */
public final class WorkerMain {
  private static final int EXIT_BROKEN = 3;

  /** After this time without an order, nobody has been waiting for this worker to start. */
  private static final int IDLE_MILLIS = 30;

  private static final ProgramLoader.Gate GATE =
      module -> WasmGate.admit(module, GateLimits.DEFAULT);

  private WorkerMain() {}

  /** Works until standard input ends. */
  public static void main(String[] arguments) throws InterruptedException, IOException {
    int dutyPercent = Integer.parseInt(arguments[0]);
    var in = new FileInputStream(FileDescriptor.in);
    OutputStream out = Attached.answers(in, new FileOutputStream(FileDescriptor.out));
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));

    var ordered = new AtomicBoolean();
    Thread.ofPlatform().daemon().name("warm-up").start(() -> warmUp(ordered));
    // A thread of our own, because its stack has to hold the deepest recursion that the gate
    // allows.
    long stackBytes = 2 * GateLimits.DEFAULT.threadStackBytes();
    var thread = new Thread(null, () -> work(in, out, dutyPercent, ordered), "task", stackBytes);
    thread.start();
    thread.join();
  }

  private static void work(
      FileInputStream in, OutputStream out, int dutyPercent, AtomicBoolean ordered) {
    try {
      var loader = new ProgramLoader(GATE, EndiveEngine.COMPILER);
      new WorkerLoop(in, out, loader, new DutyCycle(dutyPercent), ordered).run();
    } catch (IOException e) {
      broken(e);
    }
  }

  /**
   * Unless somebody waits for this worker already: then the first task had better have it alone.
   */
  private static void warmUp(AtomicBoolean ordered) {
    try {
      Thread.sleep(IDLE_MILLIS);
      if (!ordered.getAcquire()) {
        WarmUp.run(GATE, EndiveEngine.COMPILER);
      }
    } catch (ExecutionFault | RuntimeException | Error e) {
      // With a task at work it is the task that tells what is wrong here.
      if (!ordered.getAcquire()) {
        broken(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void broken(Throwable why) {
    System.err.println("worker: " + why.getMessage());
    Runtime.getRuntime().halt(EXIT_BROKEN);
  }
}
