package xyz.openledger.cluster.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import xyz.openledger.cluster.cli.CommandFailure;
import xyz.openledger.protocol.json.Json;

/** Asks as people do who know nothing of this network: through the npm client of OpenAI. */
final class OpenAiClient {
  private static final int SECONDS_MAX = 300;

  private final URI member;
  private final String token;
  private final Path folder;

  /**
   * A client.
   *
   * @param folder where questions and answers are left
   */
  OpenAiClient(URI member, String token, Path folder) {
    this.member = member;
    this.token = token;
    this.folder = folder;
  }

  JsonNode ask(ObjectNode body) throws IOException {
    return ask(List.of(body), 1).getFirst();
  }

  /** The answers of bodies of {@code /v1/chat/completions}, in their order. */
  List<JsonNode> ask(List<ObjectNode> bodies, int atOnce) throws IOException {
    Path asked = Files.createDirectories(folder).resolve("questions.jsonl");
    Path answered = folder.resolve("answers.jsonl");
    Path complaint = folder.resolve("complaint.txt");
    Files.writeString(
        asked, bodies.stream().map(ObjectNode::toString).collect(Collectors.joining("\n")));
    var program =
        new ProcessBuilder(
            "node",
            Demo.home().resolve("examples/openai/ask.mjs").toString(),
            Integer.toString(atOnce));
    program.environment().put("OPENAI_BASE_URL", member.resolve("/v1").toString());
    program.environment().put("OPENAI_API_KEY", token);
    Process process =
        program
            .redirectInput(asked.toFile())
            .redirectOutput(answered.toFile())
            .redirectError(complaint.toFile())
            .start();
    try {
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw CommandFailure.failed(
            "the npm client of OpenAI did not get its answers: " + Files.readString(complaint), "");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(answered).stream()
        .map(line -> Json.tree(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }
}
