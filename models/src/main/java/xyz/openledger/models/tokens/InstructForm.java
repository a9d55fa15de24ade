package xyz.openledger.models.tokens;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Mistral's form and that of Llama 2: {@code [INST] question [/INST] answer</s>}. What stands
 * first, spaces among it, differs from version to version and is taken from the published template.
 *
 * @param open before a question
 * @param close after it
 * @param answerOpen before an answer
 * @param answerClose after it
 * @param again before every question but the first
 * @param systemLast whether a system message goes into the last question, not the first
 * @param systemMarked whether it gets marks of its own
 * @param stripped whether messages lose the blanks around them
 */
record InstructForm(
    String open,
    String close,
    String answerOpen,
    String answerClose,
    String again,
    boolean systemLast,
    boolean systemMarked,
    boolean stripped) {
  private static final Pattern OPEN = Pattern.compile("['\"]( ?\\[INST] ?)['\"]");
  private static final Pattern CLOSE = Pattern.compile("['\"]( ?\\[/INST] ?)['\"]");
  private static final Pattern ANSWER_SPACE =
      Pattern.compile("['\"] ['\"]\\s*\\+\\s*(message|content)");
  private static final Pattern SYSTEM_LAST = Pattern.compile("loop\\.last and system_message");

  /**
   * The form of a published template; empty if it cannot be told.
   *
   * @param begin the text of the token that begins one
   * @param end the text of the token that ends one
   */
  static Optional<InstructForm> of(String published, String begin, String end) {
    Matcher open = OPEN.matcher(published);
    Matcher close = CLOSE.matcher(published);
    // Later ones have marks for system messages, and texts of their own with dates in them.
    if (!open.find() || !close.find() || published.contains("[SYSTEM_PROMPT]")) {
      return Optional.empty();
    }
    boolean llama = published.contains("<<SYS>>");
    return Optional.of(
        new InstructForm(
            open.group(1),
            close.group(1),
            ANSWER_SPACE.matcher(published).find() ? " " : "",
            llama ? " " + end : end,
            llama ? begin : "",
            SYSTEM_LAST.matcher(published).find(),
            llama,
            published.contains(".strip()") || published.contains("|trim")));
  }

  /** The text of a conversation, up to where the model begins to answer. */
  String render(List<List<String>> messages) {
    String system =
        messages.stream()
            .filter(one -> one.getFirst().equals("system"))
            .map(one -> harmless(one.get(1)))
            .collect(Collectors.joining("\n\n"));
    List<List<String>> turns =
        messages.stream().filter(one -> !one.getFirst().equals("system")).toList();
    List<Integer> questions =
        IntStream.range(0, turns.size())
            .filter(turn -> turns.get(turn).getFirst().equals("user"))
            .boxed()
            .toList();
    if (questions.isEmpty()) {
      // Nobody asked: what is told takes the place of a question.
      return open + system + close;
    }
    int told = systemLast ? questions.getLast() : questions.getFirst();
    var text = new StringBuilder();
    for (int turn = 0; turn < turns.size(); turn++) {
      String content = harmless(turns.get(turn).get(1));
      if (turns.get(turn).getFirst().equals("assistant")) {
        text.append(answerOpen).append(content).append(answerClose);
      } else {
        text.append(turn == questions.getFirst() ? "" : again)
            .append(open)
            .append(turn == told && !system.isEmpty() ? told(system) : "")
            .append(content)
            .append(close);
      }
    }
    return text.toString();
  }

  private String told(String system) {
    return systemMarked ? "<<SYS>>\n" + system + "\n<</SYS>>\n\n" : system + "\n\n";
  }

  private String harmless(String content) {
    String text = stripped ? content.strip() : content;
    for (String mark : List.of("[INST", "[/INST", "<<SYS", "<</SYS", answerClose.strip())) {
      text = apart(text, mark);
    }
    return text;
  }

  /** A text with a space in each of these marks. */
  static String apart(String text, String mark) {
    if (mark.length() < 2) {
      return text;
    }
    int first = mark.offsetByCodePoints(0, 1);
    return text.replace(mark, mark.substring(0, first) + " " + mark.substring(first));
  }
}
