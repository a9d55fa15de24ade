package xyz.openledger.models.engine;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.models.tokens.ModelTokenizer;

/** Turns tokens into text as they come, and finds where a stop text ends it. */
final class AnswerText {
  /** What a tokenizer writes for bytes that are no character yet. */
  private static final char INCOMPLETE = '\ufffd';

  /** Longest character in tokens: what stays incomplete longer is meant so. */
  private static final int INCOMPLETE_TOKENS_MAX = 8;

  private final ModelTokenizer tokenizer;
  private final List<String> stops;
  private final int holdBack;
  private final List<Integer> tokens = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private int contextFrom;
  private int unreadFrom;
  private int emitted;
  private boolean stopped;

  AnswerText(ModelTokenizer tokenizer, List<String> stops) {
    this.tokenizer = tokenizer;
    this.stops = stops;
    this.holdBack = stops.stream().mapToInt(String::length).max().orElse(1) - 1;
  }

  /** One more token; answers what is now certain. */
  String push(int token) {
    tokens.add(token);
    // Some tokens are written differently at the begin of a text: decode with what came before.
    String before = tokenizer.decode(part(contextFrom, unreadFrom));
    String now = tokenizer.decode(part(contextFrom, tokens.size()));
    boolean whole =
        now.isEmpty()
            || now.charAt(now.length() - 1) != INCOMPLETE
            || tokens.size() - unreadFrom > INCOMPLETE_TOKENS_MAX;
    if (whole && now.length() > before.length()) {
      append(now.substring(before.length()));
      contextFrom = unreadFrom;
      unreadFrom = tokens.size();
    }
    return emit(stopped ? text.length() : text.length() - holdBack);
  }

  /** Whether a stop text has come. */
  boolean stopped() {
    return stopped;
  }

  /** What is left when there are no more tokens. */
  String end() {
    if (!stopped && unreadFrom < tokens.size()) {
      String before = tokenizer.decode(part(contextFrom, unreadFrom));
      String now = tokenizer.decode(part(contextFrom, tokens.size()));
      append(now.substring(Math.min(before.length(), now.length())));
      unreadFrom = tokens.size();
    }
    return emit(text.length());
  }

  /** All of it. */
  String text() {
    return text.toString();
  }

  private void append(String more) {
    int from = Math.max(0, text.length() - holdBack);
    text.append(more);
    int first = -1;
    for (String stop : stops) {
      int at = text.indexOf(stop, from);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    if (first >= 0) {
      text.setLength(first);
      stopped = true;
    }
  }

  private String emit(int until) {
    int to = Math.max(emitted, until);
    // Half a surrogate pair is no text.
    to = to > emitted && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
    String more = text.substring(emitted, to);
    emitted = to;
    return more;
  }

  private int[] part(int from, int to) {
    return tokens.subList(from, to).stream().mapToInt(Integer::intValue).toArray();
  }
}
