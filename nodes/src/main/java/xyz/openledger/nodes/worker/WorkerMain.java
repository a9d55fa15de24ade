package xyz.openledger.nodes.worker;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import xyz.openledger.nodes.execution.EndiveEngine;
import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.WasmGate;

/**
 * The program in the sandbox. Standard input and output carry frames and nothing else: whatever
 * prints goes to standard error. Its one argument is the share of a core it may use, in percent.
 */
public final class WorkerMain {
  private static final int EXIT_BROKEN = 3;

  private WorkerMain() {}

  /** Works until standard input ends. */
  public static void main(String[] arguments) throws InterruptedException {
    int dutyPercent = Integer.parseInt(arguments[0]);
    var in = new FileInputStream(FileDescriptor.in);
    var out = new FileOutputStream(FileDescriptor.out);
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));

    // A thread of our own, because its stack has to hold the deepest recursion that the gate
    // allows.
    long stackBytes = 2 * GateLimits.DEFAULT.threadStackBytes();
    var thread = new Thread(null, () -> work(in, out, dutyPercent), "task", stackBytes);
    thread.start();
    thread.join();
  }

  private static void work(FileInputStream in, FileOutputStream out, int dutyPercent) {
    ProgramLoader.Gate gate = module -> WasmGate.admit(module, GateLimits.DEFAULT);
    try {
      WarmUp.run(gate, EndiveEngine.COMPILER);
      var loader = new ProgramLoader(gate, EndiveEngine.COMPILER);
      new WorkerLoop(in, out, loader, new DutyCycle(dutyPercent)).run();
    } catch (IOException | ExecutionFault e) {
      System.err.println("worker: " + e.getMessage());
      Runtime.getRuntime().halt(EXIT_BROKEN);
    }
  }
}
