package xyz.openledger.nativekernels.strict;

/** Draws one of many tokens; all sums are chains in the order that the method names. */
final class JavaSampling {
  private final float[] logits;
  private final float max;
  private final float sharpness;

  /** A heap: each token before its two children, by {@link #before}. */
  private final int[] heap;

  private int left;

  JavaSampling(float[] logits, float max, float sharpness) {
    this.logits = logits;
    this.max = max;
    this.sharpness = sharpness;
    heap = new int[logits.length];
  }

  int draw(int topK, float topP, float number) {
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > Float.NEGATIVE_INFINITY) {
        heap[left++] = i;
      }
    }
    int[] tokens = heap;
    int kept = left;
    float sum = 0;
    if (topK > 0 || topP < 1) {
      for (int i = 0; i < left; i++) {
        sum += weight(heap[i]);
      }
      for (int i = left / 2 - 1; i >= 0; i--) {
        sink(i);
      }
      kept = topK > 0 ? Math.min(topK, left) : left;
      tokens = new int[kept];
      if (topK > 0) {
        sum = 0;
        for (int i = 0; i < kept; i++) {
          tokens[i] = next();
          sum += weight(tokens[i]);
        }
        kept = reaching(tokens, kept, topP * sum);
      } else {
        kept = taken(tokens, topP * sum);
      }
    }
    return chosen(tokens, kept, number);
  }

  private float weight(int token) {
    return Scalars.exp((logits[token] - max) * sharpness);
  }

  /** How many of the first tokens it takes to reach a weight. */
  private int reaching(int[] tokens, int count, float goal) {
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weight(tokens[i]);
      if (sum >= goal) {
        return i + 1;
      }
    }
    return count;
  }

  /** As {@link #reaching}, but takes tokens from the heap only as they are needed. */
  private int taken(int[] tokens, float goal) {
    float sum = 0;
    int count = 0;
    while (count < tokens.length) {
      tokens[count] = next();
      sum += weight(tokens[count++]);
      if (sum >= goal) {
        break;
      }
    }
    return count;
  }

  private int chosen(int[] tokens, int count, float number) {
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weight(tokens[i]);
    }
    float goal = number * sum;
    sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weight(tokens[i]);
      if (sum > goal) {
        return tokens[i];
      }
    }
    return tokens[count - 1];
  }

  private int next() {
    int token = heap[0];
    heap[0] = heap[--left];
    sink(0);
    return token;
  }

  private void sink(int from) {
    int i = from;
    while (2 * i + 1 < left) {
      int child = 2 * i + 1;
      if (child + 1 < left && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], heap[i])) {
        return;
      }
      int moved = heap[i];
      heap[i] = heap[child];
      heap[child] = moved;
      i = child;
    }
  }

  private boolean before(int a, int b) {
    return logits[a] > logits[b] || (!(logits[b] > logits[a]) && a < b);
  }
}
