/** Σ cᵢ xⁱ */
const polynomial = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

const A_EVEN = [
  7.721566490153287e-2, 6.735230105312927e-2, 7.385550860814029e-3, 1.1927076318336207e-3, 2.2086279071390839e-4,
  2.5214456545125733e-5,
];
const A_ODD = [
  3.224670334241136e-1, 2.0580808432516733e-2, 2.8905138367341563e-3, 5.100697921535113e-4, 1.0801156724758394e-4,
  4.4864094961891516e-5,
];
const T = [
  4.8383612272381005e-1, -1.475877229945939e-1, 6.462494023913339e-2, -3.2788541075985965e-2, 1.797067508118204e-2,
  -1.0314224129834144e-2, 6.100538702462913e-3, -3.6845201678113826e-3, 2.2596478090061247e-3, -1.4034646998923284e-3,
  8.81081882437654e-4, -5.385953053567405e-4, 3.1563207090362595e-4, -3.1275416837512086e-4, 3.355291926355191e-4,
];
const U = [
  -7.721566490153287e-2, 6.328270640250934e-1, 1.4549225013723477, 9.777175279633727e-1, 2.2896372806469245e-1,
  1.3381091853678766e-2,
];
const V = [1, 2.4559779371304113, 2.128489763798934, 7.692851504566728e-1, 1.0422264559336913e-1, 3.217092422824239e-3];
const S = [
  -7.721566490153287e-2, 2.1498241596060885e-1, 3.25778796408931e-1, 1.4635047265246445e-1, 2.664227030336386e-2,
  1.8402845140733772e-3, 3.194753265841009e-5,
];
const R = [
  1, 1.3920053346762105, 7.219355475671381e-1, 1.7193386563280308e-1, 1.864591917156529e-2, 7.779424963818936e-4,
  7.326684307446256e-6,
];
const W = [
  4.189385332046727e-1, 8.333333333333297e-2, -2.7777777772877554e-3, 7.936505586430196e-4, -5.9518755745034e-4,
  8.363399189962821e-4, -1.6309293409657527e-3,
];
/** Where Γ has its minimum above zero, and ln Γ there in two parts. */
const LEAST = 1.4616321449683622;
const LN_LEAST = -1.2148629053584961e-1;
const LN_LEAST_REST = -3.638676997039505e-18;

/** ln Γ(2 - y), for |y| ≤ 0.27 */
const belowTwo = (y: number): number => y * polynomial(y * y, A_EVEN) + y * y * polynomial(y * y, A_ODD) - y / 2;

/** ln Γ(LEAST + y), for |y| ≤ 0.24 */
const aroundLeast = (y: number): number => LN_LEAST + (y * y * polynomial(y, T) - LN_LEAST_REST);

/** ln Γ(1 + y), for -0.1 ≤ y ≤ 0.24 */
const aboveOne = (y: number): number => -y / 2 + (y * polynomial(y, U)) / polynomial(y, V);

/** 0 < x < 2 */
function below2(x: number): number {
  if (x > 0.9) {
    if (x >= 1.7316) return belowTwo(2 - x);
    return x >= 1.23 ? aroundLeast(x - LEAST) : aboveOne(x - 1);
  }
  // Γ(x) = Γ(x + 1) / x
  if (x >= 0.7316) return belowTwo(1 - x) - Math.log(x);
  return (x >= 0.23164 ? aroundLeast(x - (LEAST - 1)) : aboveOne(x)) - Math.log(x);
}

/** 2 ≤ x < 8: Γ(x) = (x - 1) (x - 2) … Γ(2 + y) */
function below8(x: number): number {
  const y = x - Math.floor(x);
  let product = 1;
  for (let k = Math.floor(x) - 1; k >= 2; k--) product *= y + k;
  return y / 2 + (y * polynomial(y, S)) / polynomial(y, R) + Math.log(product);
}

/** x ≥ 8, by Stirling's series. */
function large(x: number): number {
  if (x >= 2 ** 58) return x * (Math.log(x) - 1);
  const z = 1 / x;
  return (x - 0.5) * (Math.log(x) - 1) + (W[0]! + z * polynomial(z * z, W.slice(1)));
}

/**
 * The natural logarithm of |Γ(x)|, to the last digits also beside its zeros at 1 and 2; infinity at zero and at negative
 * whole numbers. After `e_lgamma_r.c` of FreeBSD's msun (Sun Microsystems, 1993), whose coefficients these are.
 */
export function logGamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x) || (x <= 0 && Number.isInteger(x))) return Number.POSITIVE_INFINITY;
  if (Math.abs(x) < 2 ** -70) return -Math.log(Math.abs(x));
  if (x < 0) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * (x - 2 * Math.floor(x / 2))) * x)) - logGamma(-x);
  if (x === 1 || x === 2) return 0;
  if (x < 2) return below2(x);
  return x < 8 ? below8(x) : large(x);
}
