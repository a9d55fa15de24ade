package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class PromptStateTest {
  @Test
  void anEmbeddingHasLengthOneAndNothingStaysNothing() {
    assertThat(PromptState.unit(new float[] {3, 4})).containsExactly(0.6f, 0.8f);
    assertThat(PromptState.unit(new float[] {0, 0})).containsExactly(0, 0);
  }

  @Test
  void itStandsInTheAnswerAsLittleEndianFloats() {
    var state = new PromptState();
    assertThat(state.base64()).isNull();
    state.onState(MemorySegment.ofArray(new float[] {3, 4}));
    assertThat(state.base64()).isEqualTo("mpkZP83MTD8=");
  }
}
