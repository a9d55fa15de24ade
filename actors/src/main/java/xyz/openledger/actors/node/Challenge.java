package xyz.openledger.actors.node;

import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/**
 * A task whose answer the member knows: a node solves one before it is given work.
 *
 * @param output the digest of the right output
 */
public record Challenge(
    Digest module,
    Digest code,
    List<String> arguments,
    Digest input,
    long fuelMax,
    long memoryMaxBytes,
    long outputMaxBytes,
    Digest output) {

  /** The same program, run so long: how much fuel a second a node burns. */
  Challenge burning(xyz.openledger.verification.challenge.Challenge program) {
    return new Challenge(
        module,
        code,
        program.arguments(),
        input,
        program.fuel() + xyz.openledger.verification.challenge.Challenge.FUEL_AROUND_MAX,
        memoryMaxBytes,
        outputMaxBytes,
        Digest.of());
  }

  /** Where challenges come from. */
  @FunctionalInterface
  public interface Source {
    /** A challenge for that node, another one each time. */
    Challenge draw(NodeId node);
  }
}
