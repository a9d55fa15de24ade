package xyz.openledger.nodes.kubernetes;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import xyz.openledger.nodes.sandbox.Attached;

/** A program in a container that repeats what it is told. */
final class Echo {
  private Echo() {}

  public static void main(String[] arguments) throws IOException {
    var in = new FileInputStream(FileDescriptor.in);
    try (var out = Attached.answers(in, new FileOutputStream(FileDescriptor.out))) {
      byte[] chunk = new byte[1 << 16];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        out.write(chunk, 0, read);
        out.flush();
      }
    }
  }
}
