package xyz.openledger.cluster.witness;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.protocol.Check;

/**
 * Which witnesses a member asks, and how many of them must cosign before a checkpoint is anchored.
 * As a file, a line each; empty lines and those that start with {@code #} mean nothing:
 *
 * <pre>
 *   witness witness.example/ada+8b7f3c11+BG… https://ada.example/witness
 *   quorum 1
 * </pre>
 */
public record WitnessPolicy(List<Named> witnesses, int quorum) {
  /** Nobody is asked. */
  public static final WitnessPolicy NONE = new WitnessPolicy(List.of(), 0);

  /** The log's own signature needs a place too. */
  private static final int WITNESSES_MAX = CheckpointNote.SIGNATURES_MAX - 1;

  private static final int FILE_BYTES_MAX = 65_536;

  /** A witness and where it is asked. */
  public record Named(WitnessKey key, URI url) {}

  /** Checks the counts. */
  public WitnessPolicy {
    witnesses = List.copyOf(witnesses);
    Check.range("witness", witnesses.size(), 0, WITNESSES_MAX);
    Check.range("quorum", quorum, 0, witnesses.size());
    if (witnesses.stream().map(one -> one.key().toString()).distinct().count() < witnesses.size()) {
      throw Check.refusal("witness", "one key is named twice; it counts once");
    }
  }

  /**
   * Reads a file.
   *
   * @throws xyz.openledger.protocol.ProblemException if a line is not understood, naming it
   */
  public static WitnessPolicy read(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw Check.refusal("witnesses", file + " is longer than 64 KiB");
    }
    var witnesses = new ArrayList<Named>();
    int quorum = -1;
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String[] words = line.strip().split("\\s+", -1);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      try {
        if (words.length == 3 && words[0].equals("witness")) {
          witnesses.add(new Named(WitnessKey.parse(words[1]), URI.create(words[2])));
        } else if (words.length == 2 && words[0].equals("quorum") && quorum < 0) {
          quorum = Integer.parseInt(words[1]);
        } else {
          throw new IllegalArgumentException("neither 'witness KEY URL' nor 'quorum NUMBER'");
        }
      } catch (IllegalArgumentException malformed) {
        throw Check.refusal(
            "witnesses", "%s, line %d: %s".formatted(file, number, malformed.getMessage()));
      }
    }
    return new WitnessPolicy(witnesses, quorum < 0 ? witnesses.size() : quorum);
  }

  /** As a file of it. */
  public String text() {
    var text = new StringBuilder();
    for (Named witness : witnesses) {
      text.append("witness ").append(witness.key()).append(' ').append(witness.url()).append('\n');
    }
    return text.append("quorum ").append(quorum).append('\n').toString();
  }
}
