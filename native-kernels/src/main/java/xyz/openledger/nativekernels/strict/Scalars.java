package xyz.openledger.nativekernels.strict;

/**
 * Functions of one value, by fixed steps of IEEE 754 operations and fused multiply-adds; {@code
 * ol_strict_body.h} takes the same steps.
 */
final class Scalars {
  /** Adding it rounds to an integer, ties to even, and leaves that integer in the lowest bits. */
  private static final float ROUND = 12_582_912f;

  private static final int ROUND_BITS = 0x4B40_0000;
  private static final float LN2_HIGH = 0x1.62e43p-1f;
  private static final float LN2_LOW = -0x1.05c61p-29f;
  private static final float LOG2_E = 0x1.715476p0f;
  private static final float TWO_OVER_PI = 0x1.45f306p-1f;
  private static final float HALF_PI_1 = 0x1.921fb6p0f;
  private static final float HALF_PI_2 = -0x1.777a5cp-25f;
  private static final float HALF_PI_3 = -0x1.ee59dap-50f;

  private Scalars() {}

  static float apply(StrictRows.Function function, float x) {
    return switch (function) {
      case EXP -> exp(x);
      case LOG -> log(x);
      case TANH -> tanh(x);
      case SIGMOID -> sigmoid(x);
      case SILU -> silu(x);
      case SINE -> sine(x);
      case COSINE -> cosine(x);
    };
  }

  private static float power2(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }

  static float exp(float value) {
    float x = value > 89 ? 89 : value;
    x = x < -104 ? -104 : x;
    float t = Math.fma(x, LOG2_E, ROUND);
    int n = Float.floatToRawIntBits(t) - ROUND_BITS;
    float whole = t - ROUND;
    float r = Math.fma(whole, -LN2_LOW, Math.fma(whole, -LN2_HIGH, x));
    float p = 1f / 5040;
    p = Math.fma(p, r, 1f / 720);
    p = Math.fma(p, r, 1f / 120);
    p = Math.fma(p, r, 1f / 24);
    p = Math.fma(p, r, 1f / 6);
    p = Math.fma(p, r, 0.5f);
    p = Math.fma(p, r, 1);
    p = Math.fma(p, r, 1);
    int half = n >> 1;
    return p * power2(half) * power2(n - half);
  }

  static float tanh(float value) {
    float a = Math.abs(value);
    a = a > 10 ? 10 : a;
    a = a + a;
    float t = Math.fma(a, LOG2_E, ROUND);
    int n = Float.floatToRawIntBits(t) - ROUND_BITS;
    float whole = t - ROUND;
    float r = Math.fma(whole, -LN2_LOW, Math.fma(whole, -LN2_HIGH, a));
    float p = 1f / 5040;
    p = Math.fma(p, r, 1f / 720);
    p = Math.fma(p, r, 1f / 120);
    p = Math.fma(p, r, 1f / 24);
    p = Math.fma(p, r, 1f / 6);
    p = Math.fma(p, r, 0.5f);
    float less = Math.fma(r * r, p, r);
    float scale = power2(n);
    float e = Math.fma(scale, less, scale - 1);
    return Math.copySign(e / (e + 2), value);
  }

  static float sigmoid(float x) {
    return 1 / (1 + exp(-x));
  }

  static float silu(float x) {
    return x * sigmoid(x);
  }

  static float log(float value) {
    boolean tiny = value < Float.MIN_NORMAL;
    float x = tiny ? value * 0x1p23f : value;
    int bits = Float.floatToRawIntBits(x);
    int exponent = (bits >> 23) - 127;
    float m = Float.intBitsToFloat((bits & 0x007F_FFFF) | 0x3F80_0000);
    boolean upper = m > 0x1.6a09e6p0f;
    m = upper ? m * 0.5f : m;
    float e = (float) (exponent + (upper ? 1 : 0) - (tiny ? 23 : 0));
    float s = (m - 1) / (m + 1);
    float z = s * s;
    float p = 1f / 13;
    p = Math.fma(p, z, 1f / 11);
    p = Math.fma(p, z, 1f / 9);
    p = Math.fma(p, z, 1f / 7);
    p = Math.fma(p, z, 1f / 5);
    p = Math.fma(p, z, 1f / 3);
    float twice = s + s;
    float low = Math.fma(e, LN2_LOW, twice * z * p);
    float result = Math.fma(e, LN2_HIGH, twice + low);
    result = value == Float.POSITIVE_INFINITY ? value : result;
    result = value == 0 ? Float.NEGATIVE_INFINITY : result;
    return value >= 0 ? result : Float.NaN;
  }

  static float sine(float x) {
    float t = Math.fma(x, TWO_OVER_PI, ROUND);
    return turned(x, t, Float.floatToRawIntBits(t));
  }

  static float cosine(float x) {
    float t = Math.fma(x, TWO_OVER_PI, ROUND);
    return turned(x, t, Float.floatToRawIntBits(t) + 1);
  }

  /** Sine of what is left of x after whole quarter turns, moved on by the quarter's number. */
  private static float turned(float x, float t, int quarter) {
    float whole = t - ROUND;
    float r = Math.fma(whole, -HALF_PI_1, x);
    r = Math.fma(whole, -HALF_PI_2, r);
    r = Math.fma(whole, -HALF_PI_3, r);
    float z = r * r;
    float s = 1f / 362_880;
    s = Math.fma(s, z, -1f / 5040);
    s = Math.fma(s, z, 1f / 120);
    s = Math.fma(s, z, -1f / 6);
    s = Math.fma(r * z, s, r);
    float c = -1f / 3_628_800;
    c = Math.fma(c, z, 1f / 40_320);
    c = Math.fma(c, z, -1f / 720);
    c = Math.fma(c, z, 1f / 24);
    c = Math.fma(c, z, -0.5f);
    c = Math.fma(c, z, 1);
    float y = (quarter & 1) != 0 ? c : s;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ ((quarter & 2) << 30));
  }
}
