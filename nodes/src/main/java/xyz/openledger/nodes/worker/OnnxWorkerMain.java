package xyz.openledger.nodes.worker;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/**
 * The program in the sandbox that runs models of ONNX. Standard input and output carry frames and
 * nothing else. Its arguments: the share of a core it may use, in percent, and the folder with the
 * runtime's libraries.
 */
public final class OnnxWorkerMain {
  private static final int EXIT_BROKEN = 3;

  private OnnxWorkerMain() {}

  /** Works until standard input ends. */
  public static void main(String[] arguments) {
    var in = new FileInputStream(FileDescriptor.in);
    var out = new FileOutputStream(FileDescriptor.out);
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
    // The runtime would unpack them again for every process.
    System.setProperty("onnxruntime.native.path", arguments[1]);
    try {
      var dutyCycle = new DutyCycle(Integer.parseInt(arguments[0]));
      new WorkerLoop(in, out, new OnnxLoader(), dutyCycle).run();
    } catch (IOException broken) {
      System.err.println("onnx worker: " + broken.getMessage());
      Runtime.getRuntime().halt(EXIT_BROKEN);
    }
  }
}
