package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.Serial;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/** The cluster said no, and this is what that means to whoever runs the agent. */
final class ClusterRefusal extends IOException {
  @Serial private static final long serialVersionUID = 1;
  private static final int SAID_MAX = 300;

  private final int status;

  ClusterRefusal(int status, String sentence) {
    super(sentence);
    this.status = status;
  }

  /** Of HTTP. */
  int status() {
    return status;
  }

  /**
   * What an answer that is no success means.
   *
   * @param right what was tried, as a role would grant it
   * @param what the object, such as {@code worker-1 in openledger-workers}
   * @param body a {@code Status} of the API, or whatever a proxy made of it
   */
  static ClusterRefusal of(int status, String right, String what, byte[] body) {
    String said = said(body);
    return new ClusterRefusal(
        status,
        switch (status) {
          case 401 ->
              "the cluster does not know the token: it may have expired, or belong to another";
          case 403 ->
              "the agent's account may not %s (%s): grant it, as nodes/deploy/kubernetes/rights.yaml"
                      .formatted(right, what)
                  + " does. The cluster says: "
                  + said;
          case 404 -> "the cluster has no %s. It says: %s".formatted(what, said);
          case 422 -> "the cluster refuses the form of %s: %s".formatted(what, said);
          default -> "the cluster answers %d to %s (%s): %s".formatted(status, right, what, said);
        });
  }

  /** The sentence of a {@code Status}, on one line and bounded, whoever wrote it. */
  static String said(byte[] body) {
    JsonNode status;
    try {
      status = Json.tree(body);
    } catch (ProblemException other) {
      status = MissingNode.getInstance();
    }
    String message = status.path("message").asText("");
    return message.isEmpty() ? "nothing" : bounded(message);
  }

  /** A stranger's text, on one line and of at most {@value #SAID_MAX} characters. */
  static String bounded(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= SAID_MAX ? line : line.substring(0, SAID_MAX) + "…";
  }
}
