package xyz.openledger.verification.gate;

import java.util.List;

/** A module to run, with what it is given. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Task(byte[] module, long fuel, byte[] input, List<String> arguments) {

  Task(byte[] module, long fuel) {
    this(module, fuel, new byte[0], List.of());
  }
}
