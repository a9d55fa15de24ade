package xyz.openledger.models.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.decoder.LoadedAdapter;
import xyz.openledger.models.decoder.Rows;
import xyz.openledger.protocol.Digest;

/**
 * One request and what has been computed of it. All but its begin and its wishes: engine thread.
 */
final class Sequence implements Answer {
  /** No deadline. */
  static final long FOREVER = Long.MAX_VALUE;

  final InferenceRequest request;
  final TokenListener listener;
  final AnswerText text;
  final AnswerDigest digest;
  final @Nullable Digest adapterName;
  final long deadlineNanos;
  final int promptTokens;
  final int pagesMax;

  private final long id;
  private final CompletableFuture<InferenceResult> result = new CompletableFuture<>();
  private final Runnable wake;
  private volatile boolean cancelled;

  private int[] tokens;
  private int length;
  private int computed;
  int sharedTokens;
  final List<Integer> pages = new ArrayList<>();
  final List<Digest> pageNames;
  AdapterStore.@Nullable Lease lease;

  Sequence(
      long id,
      InferenceRequest request,
      int[] prompt,
      @Nullable Digest adapterName,
      TokenListener listener,
      AnswerText text,
      AnswerDigest digest,
      long deadlineNanos,
      Runnable wake) {
    this.id = id;
    this.request = request;
    this.adapterName = adapterName;
    this.listener = listener;
    this.text = text;
    this.digest = digest;
    this.deadlineNanos = deadlineNanos;
    this.wake = wake;
    this.promptTokens = prompt.length;
    this.tokens = Arrays.copyOf(prompt, prompt.length + Math.min(request.maxTokens(), 64));
    this.length = prompt.length;
    this.pageNames = new ArrayList<>(PrefixNames.of(request.tenant(), adapterName, prompt));
    // The last token chosen is never computed, so its place is not needed.
    this.pagesMax =
        (prompt.length + request.maxTokens() - 1 + KvCache.PAGE_TOKENS - 1) / KvCache.PAGE_TOKENS;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public CompletableFuture<InferenceResult> result() {
    return result;
  }

  @Override
  public void cancel() {
    cancelled = true;
    wake.run();
  }

  boolean cancelled() {
    return cancelled;
  }

  /** Tokens that stand there and whose keys and values are not computed. */
  int pending() {
    return length - computed;
  }

  int chosen() {
    return length - promptTokens;
  }

  /**
   * Pages of the prompt that may come from others: the last token is always computed, its logits
   * are needed.
   */
  List<Digest> shareable() {
    return pageNames.subList(
        0, Math.min(pageNames.size(), (promptTokens - 1) / KvCache.PAGE_TOKENS));
  }

  /** These pages hold the begin of the prompt already. */
  void share(List<Integer> shared) {
    pages.addAll(shared);
    computed = shared.size() * KvCache.PAGE_TOKENS;
    sharedTokens = computed;
  }

  Rows rows(int count) {
    boolean last = computed + count == length;
    LoadedAdapter adapter = lease == null ? null : lease.adapter();
    int[] table = pages.stream().mapToInt(Integer::intValue).toArray();
    return new Rows(
        Arrays.copyOfRange(tokens, computed, computed + count), computed, table, adapter, last);
  }

  void computed(int count) {
    computed += count;
  }

  /** How many pages of the prompt are full by now. */
  int fullPromptPages() {
    return Math.min(pageNames.size(), computed / KvCache.PAGE_TOKENS);
  }

  void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length * 2);
    }
    tokens[length++] = token;
  }

  /** The answer's tokens. */
  List<Integer> answer() {
    return Arrays.stream(tokens, promptTokens, length).boxed().toList();
  }
}
