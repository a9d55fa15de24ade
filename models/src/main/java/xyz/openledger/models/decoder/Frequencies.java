package xyz.openledger.models.decoder;

import xyz.openledger.models.config.ModelConfig;

/**
 * How fast each pair of a head turns: reckoned in double, by functions that every Java has alike.
 */
public final class Frequencies {
  private Frequencies() {}

  /** Those of a model's positions, stretched where its configuration says so. */
  public static float[] of(ModelConfig config) {
    float[] frequencies = new float[config.headSize() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = StrictMath.pow(config.ropeTheta(), -2.0 * i / config.headSize());
      frequencies[i] =
          (float)
              (config.ropeScaling().isPresent()
                  ? scaled(plain, config.ropeScaling().get())
                  : plain);
    }
    return frequencies;
  }

  /** Slow turns are stretched, fast ones kept, those between are mixed. */
  private static double scaled(double frequency, ModelConfig.RopeScaling scaling) {
    double waveLength = 2 * Math.PI / frequency;
    double lowWaveLength = scaling.contextBefore() / scaling.lowFrequencyFactor();
    double highWaveLength = scaling.contextBefore() / scaling.highFrequencyFactor();
    if (waveLength < highWaveLength) {
      return frequency;
    }
    if (waveLength > lowWaveLength) {
      return frequency / scaling.factor();
    }
    double smooth =
        (scaling.contextBefore() / waveLength - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    return (1 - smooth) * frequency / scaling.factor() + smooth * frequency;
  }
}
