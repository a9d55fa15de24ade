package xyz.openledger.models.engine;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/**
 * Names an answer: SHA-256 over {@code "openledger-answer-1\n"}, the number of the prompt's tokens
 * and each, then for each chosen token the digest of its logits and the token; numbers are int32,
 * little-endian. A token that ends the answer is chosen like any other.
 */
final class AnswerDigest {
  private final MessageDigest sha256 = Digest.sha256();
  private final StrictKernels kernels;

  AnswerDigest(StrictKernels kernels, int[] prompt) {
    this.kernels = kernels;
    sha256.update("openledger-answer-1\n".getBytes(StandardCharsets.US_ASCII));
    number(prompt.length);
    for (int token : prompt) {
      number(token);
    }
  }

  void choose(int token, int vocabularySize, MemorySegment logits) {
    sha256.update(kernels.digest(logits, vocabularySize));
    number(token);
  }

  Digest end() {
    return Digest.wrap(sha256.digest());
  }

  private void number(int value) {
    sha256.update(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
