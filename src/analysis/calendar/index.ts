export {
  CALENDAR_EVIDENCE,
  type CalendarCell,
  type CalendarFit,
  type CalendarInput,
  type CalendarOptions,
  calendarExponent,
  fitCalendar,
  lossOfCapacity,
  missingCalendarEvidence,
} from './fit.js';
