package xyz.openledger.models.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.files.Refused;

/**
 * How a conversation becomes the text that a model goes on from. Published templates are programs
 * (Jinja); we run none. We know the common forms by the marks that their templates put around a
 * message. A model without a template gets plain lines; one whose template is of none of these
 * forms takes no conversations, since a wrong prompt would be answered as if it were right.
 *
 * @param name of the form
 * @param rendering what it makes of a role and a content each; null if the template is not known
 */
public record ChatTemplate(String name, @Nullable Function<List<List<String>>, String> rendering) {
  /** A file that may hold a template. */
  public static final String CONFIGURATION = "tokenizer_config.json";

  /** A file that is a template. */
  public static final String ALONE = "chat_template.jinja";

  /** What such a file may have. */
  public static final int FILE_BYTES_MAX = 1 << 20;

  /** What ChatML's templates say where nobody told the model anything. */
  private static final Pattern SYSTEM =
      Pattern.compile("<\\|im_start\\|>system(?:\\\\n|\n)([^'\"{}]{1,2000}?)<\\|im_end\\|>");

  /** The template of a model's folder: its {@code chat_template.jinja}, else its configuration. */
  public static ChatTemplate read(Path folder) throws IOException {
    return read(folder, "");
  }

  /**
   * The template of a file of GGUF: the one that lies beside it, else its own.
   *
   * @param entries of the file
   */
  public static ChatTemplate read(Path file, Map<String, String> entries) throws IOException {
    return read(
        file.toAbsolutePath().resolveSibling("."),
        entries.getOrDefault("tokenizer.chat_template", ""));
  }

  private static ChatTemplate read(Path folder, String otherwise) throws IOException {
    Path config = folder.resolve(CONFIGURATION);
    Path alone = folder.resolve(ALONE);
    return read(
        Files.isRegularFile(config) ? bytes(config) : null,
        Files.isRegularFile(alone) ? bytes(alone) : null,
        otherwise);
  }

  /**
   * The template of a model by what its files hold.
   *
   * @param config {@value #CONFIGURATION}; null if there is none
   * @param alone {@value #ALONE}; null if there is none
   * @throws xyz.openledger.protocol.ProblemException if the configuration is no JSON
   */
  public static ChatTemplate read(byte @Nullable [] config, byte @Nullable [] alone) {
    return read(config, alone, "");
  }

  private static ChatTemplate read(
      byte @Nullable [] config, byte @Nullable [] alone, String otherwise) {
    try {
      JsonNode root =
          config == null
              ? JsonNodeFactory.instance.objectNode()
              : new ObjectMapper().readTree(config);
      String published =
          alone == null
              ? published(root.path("chat_template"))
              : new String(alone, StandardCharsets.UTF_8);
      return of(
          published.isBlank() ? otherwise : published,
          text(root, "bos_token", "<s>"),
          text(root, "eos_token", "</s>"));
    } catch (IOException malformed) {
      throw Refused.because(CONFIGURATION, "is no JSON: " + malformed.getMessage());
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw Refused.because(String.valueOf(file.getFileName()), "has more than 1 MiB");
    }
    return Files.readAllBytes(file);
  }

  /** One text, or several with names of which one is the usual. */
  private static String published(JsonNode templates) {
    for (JsonNode one : templates) {
      if (one.path("name").asText("").equals("default")) {
        return one.path("template").asText("");
      }
    }
    // Of several that have no usual one, none is known.
    return templates.isContainerNode() ? templates.toString() : templates.asText("");
  }

  /** A token's text, which may stand in an object. */
  private static String text(JsonNode config, String name, String otherwise) {
    JsonNode token = config.path(name);
    return (token.isObject() ? token.path("content") : token).asText(otherwise);
  }

  /**
   * The template that a published one amounts to.
   *
   * @param begin the text of the token that begins one
   * @param end the text of the token that ends one
   */
  static ChatTemplate of(String published, String begin, String end) {
    if (published.isBlank()) {
      return of(ChatForm.PLAIN, null, end);
    }
    if (published.contains("<|im_start|>")) {
      Matcher system = SYSTEM.matcher(published);
      return of(ChatForm.CHATML, system.find() ? system.group(1).replace("\\n", "\n") : null, end);
    }
    if (published.contains("<|start_header_id|>")) {
      return of(ChatForm.LLAMA3, null, end);
    }
    if (published.contains("[INST]")) {
      return InstructForm.of(published, begin, end)
          .map(form -> new ChatTemplate("instruct", form::render))
          .orElseGet(ChatTemplate::unknown);
    }
    if (published.contains("<|end|>")) {
      boolean lines = published.contains("<|end|>\n") || published.contains("<|end|>\\n");
      return of(lines ? ChatForm.PHI : ChatForm.MARKED, null, end);
    }
    return published.contains("<|user|>") && published.contains("eos_token")
        ? of(ChatForm.ZEPHYR, null, end)
        : unknown();
  }

  private static ChatTemplate of(ChatForm form, @Nullable String system, String end) {
    return new ChatTemplate(
        form.name().toLowerCase(Locale.ROOT), messages -> form.render(messages, system, end));
  }

  private static ChatTemplate unknown() {
    return new ChatTemplate("unknown", null);
  }

  /** Whether the model takes conversations. */
  public boolean isKnown() {
    return rendering != null;
  }

  /**
   * The text of a conversation, up to where the model begins to answer.
   *
   * @param messages each a role and a content; at least one
   * @throws IllegalStateException if the template is not known
   */
  public String render(List<List<String>> messages) {
    if (rendering == null) {
      throw new IllegalStateException("the model's chat template is none that is known");
    }
    return rendering.apply(messages);
  }
}
