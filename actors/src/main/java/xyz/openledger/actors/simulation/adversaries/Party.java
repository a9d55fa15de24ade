package xyz.openledger.actors.simulation.adversaries;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.verification.TrackRecord;

/** One machine, under the name it has now. */
final class Party {
  final boolean adversary;
  final NodeId node;
  final Address owner;
  TrackRecord record = TrackRecord.NEW;
  long good;

  Party(String name, boolean adversary) {
    this.adversary = adversary;
    this.node = NodeId.of(digest("node " + name).bytes());
    this.owner = Address.of(Arrays.copyOf(digest("owner " + name).bytes(), Address.BYTES));
  }

  static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
