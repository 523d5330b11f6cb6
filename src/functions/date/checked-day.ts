import { RayexecError } from '../../common/errors.ts';
import { civilFromDays, daysFromCivil } from '../../types/calendar.ts';

/** A day from its parts. @throws RayexecError `invalid-argument` when there is no such day */
export function checkedDay(year: number, month: number, day: number): number {
  const days = daysFromCivil(year, month, day);
  const back = civilFromDays(days);
  const isDay = month >= 1 && month <= 12 && back.year === year && back.month === month && back.day === day;
  if (isDay && Math.abs(days) < 2_147_483_647) return days;
  throw new RayexecError('invalid-argument', `${year}-${month}-${day} is no date`);
}
