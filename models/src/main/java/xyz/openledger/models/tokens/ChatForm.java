package xyz.openledger.models.tokens;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forms that put the same marks around every message. */
enum ChatForm {
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
  /** {@code <|role|>}, a line, the token that ends a text, a line: Zephyr, TinyLlama. */
  ZEPHYR("<|%s|>\n%s%s\n", "<|assistant|>\n"),
  /** {@code role: …}, a line each, further lines indented: where there is no template. */
  PLAIN("%s: %s\n", "assistant: ");

  private final String message;
  private final String opening;

  ChatForm(String message, String opening) {
    this.message = message;
    this.opening = opening;
  }

  /**
   * The text of a conversation.
   *
   * @param system what comes first where the conversation has no system message; null for nothing
   * @param end the text of the token that ends one
   */
  String render(List<List<String>> messages, @Nullable String system, String end) {
    var text = new StringBuilder();
    if (system != null && !messages.getFirst().getFirst().equals("system")) {
      text.append(message.formatted("system", system, end));
    }
    for (List<String> one : messages) {
      text.append(message.formatted(one.get(0), harmless(one.get(1), end), end));
    }
    return text.append(opening).toString();
  }

  /** What somebody wrote must not read as one of the marks between messages. */
  private String harmless(String content, String end) {
    return this == PLAIN
        ? content.replace("\r", "\n").replace("\n", "\n  ")
        : InstructForm.apart(content.replace("<|", "< |"), end);
  }
}
