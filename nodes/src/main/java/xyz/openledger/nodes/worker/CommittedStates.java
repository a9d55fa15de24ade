package xyz.openledger.nodes.worker;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.engine.Prefill;
import xyz.openledger.models.engine.TokenListener;
import xyz.openledger.verification.toploc.ActivationProof;

/** Commits to the largest activations of an answer as it grows, and keeps none of the others. */
final class CommittedStates implements TokenListener {
  private final TokenListener next;
  private final List<String> proofs = new ArrayList<>();
  private final StateChunks chunks = new StateChunks(this::commit);
  private @Nullable RuntimeException broken;

  CommittedStates(TokenListener next) {
    this.next = next;
  }

  @Override
  public void onToken(int token, String text) {
    next.onToken(token, text);
  }

  @Override
  public void onRest(String text) {
    next.onRest(text);
  }

  @Override
  public boolean wantsState() {
    return true;
  }

  @Override
  public boolean wantsEveryState() {
    return true;
  }

  @Override
  public void onState(MemorySegment state) {
    if (proofs.isEmpty() && next.wantsState()) {
      next.onState(state);
    }
    chunks.add(Prefill.floats(state));
  }

  private void commit(float[] chunk) {
    try {
      proofs.add(Base64.getEncoder().encodeToString(ActivationProof.of(chunk).bytes()));
    } catch (IllegalArgumentException noNumbers) {
      // The engine's thread goes on: others wait for their answers.
      broken = noNumbers;
    }
  }

  /** One for each chunk, once the answer has ended. */
  List<String> proofs() {
    chunks.end();
    if (broken != null) {
      throw new IllegalStateException("activations that nobody can commit to", broken);
    }
    return List.copyOf(proofs);
  }
}
