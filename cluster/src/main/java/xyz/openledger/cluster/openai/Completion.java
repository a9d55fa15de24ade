package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.inference.InferenceAnswer;

/**
 * An answer in the forms that clients read: one object, or chunks of which the last alone carries
 * {@code finish_reason}, present and null before.
 *
 * @param model as the client wrote it
 * @param createdSeconds since 1970
 * @param method by which it was to be verified
 */
public record Completion(
    Question question, String model, JobId job, long createdSeconds, Policy.Method method) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Characters of one chunk: about a word. */
  private static final int CHUNK_CHARACTERS = 8;

  /** The whole answer. */
  public ObjectNode whole(InferenceAnswer answer, JobDetail detail) {
    ObjectNode choice = JSON.objectNode().put("index", 0);
    if (question.chat()) {
      choice
          .putObject("message")
          .put("role", "assistant")
          .put("content", answer.text())
          .putNull("refusal");
    } else {
      choice.put("text", answer.text());
    }
    choice.putNull("logprobs").put("finish_reason", answer.finishReason());
    ObjectNode whole = frame(question.chat() ? "chat.completion" : "text_completion");
    whole.putArray("choices").add(choice);
    whole.set("usage", usage(answer));
    whole.set("openledger", provenance(answer, detail));
    return whole;
  }

  /** What a stream of a conversation begins with, before there is anything to say. */
  public List<ObjectNode> opening() {
    return question.chat() ? List.of(chunk("", true, null)) : List.of();
  }

  /** A part of the text while it is made. */
  public ObjectNode part(String text) {
    return chunk(text, false, null);
  }

  /**
   * The rest of the stream, once there is an answer.
   *
   * @param spoken what the client has of it already
   * @throws OpenAiRefusal if that is not how the answer begins: the node said one thing and signed
   *     another
   */
  public List<ObjectNode> rest(InferenceAnswer answer, JobDetail detail, String spoken) {
    if (!answer.text().startsWith(spoken)) {
      throw new OpenAiRefusal(
          502,
          "server_error",
          null,
          "stream_refuted",
          "what was streamed is not the answer of the job %s; ask for its output".formatted(job));
    }
    var chunks = new ArrayList<ObjectNode>();
    for (String piece : pieces(answer.text().substring(spoken.length()))) {
      chunks.add(chunk(piece, false, null));
    }
    ObjectNode last = chunk("", false, answer.finishReason());
    last.set("openledger", provenance(answer, detail));
    chunks.add(last);
    if (question.usageWanted()) {
      ObjectNode usage = frame(chunkKind());
      usage.putArray("choices");
      usage.set("usage", usage(answer));
      chunks.add(usage);
    }
    return chunks;
  }

  private ObjectNode chunk(String text, boolean first, @Nullable String finishReason) {
    ObjectNode choice = JSON.objectNode().put("index", 0);
    if (question.chat()) {
      ObjectNode delta = choice.putObject("delta");
      if (first) {
        delta.put("role", "assistant").put("content", "");
      } else if (finishReason == null) {
        delta.put("content", text);
      }
    } else {
      choice.put("text", text);
    }
    choice.putNull("logprobs").put("finish_reason", finishReason);
    ObjectNode chunk = frame(chunkKind());
    chunk.putArray("choices").add(choice);
    return chunk;
  }

  private String chunkKind() {
    return question.chat() ? "chat.completion.chunk" : "text_completion";
  }

  private ObjectNode frame(String kind) {
    return JSON.objectNode()
        .put("id", (question.chat() ? "chatcmpl-" : "cmpl-") + job.value())
        .put("object", kind)
        .put("created", createdSeconds)
        .put("model", model)
        .put("system_fingerprint", "openledger-d0");
  }

  private static ObjectNode usage(InferenceAnswer answer) {
    int completion = answer.tokens().size();
    return JSON.objectNode()
        .put("prompt_tokens", answer.promptTokens())
        .put("completion_tokens", completion)
        .put("total_tokens", answer.promptTokens() + completion);
  }

  /** How the answer came about, for whoever wants to check it. */
  private ObjectNode provenance(InferenceAnswer answer, JobDetail detail) {
    var task = detail.tasks().getFirst();
    var first = detail.firstAnswer();
    long agreeing =
        task.replicas().stream()
            .filter(
                replica ->
                    replica.state() == JobDetail.ReplicaState.ACCEPTED
                        || (!detail.job().state().isFinal()
                            && replica.state() == JobDetail.ReplicaState.REVEALED))
            .count();
    return JSON.objectNode()
        .put("verified", first != null ? first.confirmed() : verified(agreeing))
        .put("job", job.value())
        .put("receipt", "/api/v1/jobs/" + job.value() + "/receipt")
        .put("determinism", "D0")
        .put("trace", answer.trace().toString())
        .put("agreeing", agreeing)
        .put("paidNanoOpen", Long.toString(paid(detail)));
  }

  /** Whether others came to the same, or a proof or a check stands for it; else one node's word. */
  private @Nullable Boolean verified(long agreeing) {
    boolean proven =
        switch (method) {
          case FREIVALDS, SUMCHECK, ZK, TEE, TOPLOC -> true;
          case TRUSTED, QUORUM, ADAPTIVE, TRUST, DISPUTE -> agreeing > 1;
        };
    return proven ? Boolean.TRUE : null;
  }

  private static long paid(JobDetail detail) {
    return detail.tasks().stream()
        .flatMap(task -> task.replicas().stream())
        .mapToLong(JobDetail.ReplicaView::paidNanoOpen)
        .sum();
  }

  /** Pieces of a text, none of which ends inside a character. */
  private static List<String> pieces(String text) {
    var pieces = new ArrayList<String>();
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(text.length(), start + CHUNK_CHARACTERS);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end++;
      }
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }
}
