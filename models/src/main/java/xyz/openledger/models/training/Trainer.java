package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.StrictTraining;

/**
 * Makes steps of AdamW. The bits of the weights after a step follow from those before, the samples
 * and the settings: not from threads, from what computes, or from how often it was stopped.
 */
public final class Trainer implements AutoCloseable {
  private final StrictKernels kernels;
  private final Workers workers;
  private final List<Sample> samples;
  private final Settings settings;
  private final SampleOrder order;
  private final GradientSum gradients;
  private TrainingState state;

  /**
   * Goes on from a state.
   *
   * @param weights of which those that are trained are the state's
   * @param rowsMax tokens that are in memory at once; a batch of more is summed in parts
   */
  public Trainer(
      StrictKernels kernels,
      Workers workers,
      Weights weights,
      List<Sample> samples,
      Settings settings,
      TrainingState state,
      int rowsMax) {
    if (!weights.trained().memory().equals(state.weights().memory())) {
      throw new IllegalArgumentException("the state is of other weights");
    }
    this.kernels = kernels;
    this.workers = workers;
    this.samples = List.copyOf(samples);
    this.settings = settings;
    this.state = state;
    order = new SampleOrder(samples.size(), settings.seed());
    gradients = new GradientSum(kernels, workers, weights, rowsMax);
  }

  /** Where it is. */
  public TrainingState state() {
    return state;
  }

  /** The gradients themselves. */
  public GradientSum gradients() {
    return gradients;
  }

  /** The samples of a step, the first being 1. */
  List<Sample> batch(int step) {
    var batch = new ArrayList<Sample>();
    for (int i = 0; i < settings.batch(); i++) {
      batch.add(samples.get(order.at((step - 1L) * settings.batch() + i)));
    }
    return batch;
  }

  /** Makes the next step. */
  public TrainingEvent.Stepped step() {
    int step = state.step() + 1;
    GradientSum.Result result = gradients.of(batch(step));
    double norm = clip(result.gradient());
    float rate = settings.rateAt(step);
    List<Layout.Parameter> parameters = state.weights().layout().parameters();
    workers.share(parameters.size(), i -> move(parameters.get(i), result.gradient(), rate, step));
    state = state.next(result.loss());
    return new TrainingEvent.Stepped(step, result.loss(), norm, rate, result.counted());
  }

  private void move(Layout.Parameter parameter, Parameters gradient, float rate, int step) {
    float decay = parameter.isVector() ? 0 : settings.decay();
    kernels.adamW(
        StrictTraining.AdamW.at(
            step, rate, Settings.BETA1, Settings.BETA2, Settings.EPSILON, decay),
        parameter.count(),
        gradient.of(parameter),
        state.weights().of(parameter),
        state.moments1().of(parameter),
        state.moments2().of(parameter));
  }

  /**
   * Shortens a gradient that is too long; its length is a sum in double, parameter by parameter.
   */
  private double clip(Parameters gradient) {
    List<Layout.Parameter> parameters = gradient.layout().parameters();
    var squares = new double[parameters.size()];
    workers.share(
        squares.length,
        i -> {
          MemorySegment memory = gradient.of(parameters.get(i));
          double sum = 0;
          for (long j = 0; j < parameters.get(i).count(); j++) {
            double value = memory.getAtIndex(JAVA_FLOAT, j);
            sum += value * value;
          }
          squares[i] = sum;
        });
    double sum = 0;
    for (double square : squares) {
      sum += square;
    }
    double norm = Math.sqrt(sum);
    if (!Double.isFinite(norm)) {
      throw new DivergedException(state.step() + 1);
    }
    if (norm > settings.clip()) {
      float factor = (float) (settings.clip() / norm);
      workers.share(parameters.size(), i -> scale(gradient.of(parameters.get(i)), factor));
    }
    return norm;
  }

  private static void scale(MemorySegment memory, float factor) {
    for (long i = 0; i < memory.byteSize() / Float.BYTES; i++) {
      memory.setAtIndex(JAVA_FLOAT, i, memory.getAtIndex(JAVA_FLOAT, i) * factor);
    }
  }

  @Override
  public void close() {
    gradients.close();
  }
}
