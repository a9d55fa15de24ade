package xyz.openledger.verification.gate;

import java.util.Arrays;

/** The parameters and locals of a function, to which the gate adds its own. */
final class LocalTypes {

  private final int parameters;
  private byte[] types;

  LocalTypes(byte[] types, int parameters) {
    this.types = types;
    this.parameters = parameters;
  }

  /** Adds a local and returns its index. */
  int add(int type) {
    types = Arrays.copyOf(types, types.length + 1);
    types[types.length - 1] = (byte) type;
    return types.length - 1;
  }

  /** Writes the declaration: all but the parameters. */
  void write(ByteWriter out) {
    Locals.write(out, types, parameters);
  }
}
