package xyz.openledger.models.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import xyz.openledger.models.files.Refused;

/**
 * How a conversation becomes the text that a model goes on from. Published templates are programs
 * (Jinja); we run none. We know the common forms by the marks that their templates put around a
 * message, and fall back to plain lines.
 */
public enum ChatTemplate {
  /** {@code <|im_start|>role … <|im_end|>}: Qwen, SmolLM and many more. */
  CHATML("<|im_start|>%s\n%s<|im_end|>\n", "<|im_start|>assistant\n"),
  /** {@code <|start_header_id|>role<|end_header_id|> … <|eot_id|>}: Llama 3. */
  LLAMA3(
      "<|start_header_id|>%s<|end_header_id|>\n\n%s<|eot_id|>",
      "<|start_header_id|>assistant<|end_header_id|>\n\n"),
  /** {@code <|role|> … <|end|>} without line breaks, as our own tiny model; Phi writes them. */
  MARKED("<|%s|>%s<|end|>", "<|assistant|>"),
  /** {@code <|role|>}, a line, {@code <|end|>}, a line: Phi. */
  PHI("<|%s|>\n%s<|end|>\n", "<|assistant|>\n"),
  /** {@code role: …}, a line each. */
  PLAIN("%s: %s\n", "assistant: ");

  private static final int CONFIG_BYTES_MAX = 1 << 20;

  private final String message;
  private final String opening;

  ChatTemplate(String message, String opening) {
    this.message = message;
    this.opening = opening;
  }

  /** The template of a model's folder, by its {@code tokenizer_config.json}. */
  public static ChatTemplate read(Path folder) throws IOException {
    Path file = folder.resolve("tokenizer_config.json");
    if (!Files.isRegularFile(file)) {
      return PLAIN;
    }
    if (Files.size(file) > CONFIG_BYTES_MAX) {
      throw Refused.because("tokenizer_config.json", "has more than 1 MiB");
    }
    try {
      JsonNode config = new ObjectMapper().readTree(Files.readAllBytes(file));
      return of(config.path("chat_template").asText(""));
    } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
      throw Refused.because(
          "tokenizer_config.json", "is no JSON: " + malformed.getOriginalMessage());
    }
  }

  /** The template that a published one amounts to. */
  static ChatTemplate of(String published) {
    if (published.contains("<|im_start|>")) {
      return CHATML;
    }
    if (published.contains("<|start_header_id|>")) {
      return LLAMA3;
    }
    if (!published.contains("<|end|>")) {
      return PLAIN;
    }
    return published.contains("<|end|>\n") || published.contains("<|end|>\\n") ? PHI : MARKED;
  }

  /**
   * The text of a conversation, up to where the model begins to answer.
   *
   * @param messages each a role and a content
   */
  public String render(List<List<String>> messages) {
    var text = new StringBuilder();
    for (List<String> one : messages) {
      text.append(message.formatted(one.get(0), harmless(one.get(1))));
    }
    return text.append(opening).toString();
  }

  /** What somebody wrote must not read as one of the marks between messages. */
  private static String harmless(String content) {
    return content.replace("<|", "< |");
  }
}
