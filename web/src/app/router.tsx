import { createBrowserRouter, Navigate } from 'react-router'
import { NotFound } from '../components/not-found'
import { Broken } from './broken'
import { ChatPage } from '../features/chat/chat-page'
import { allTasks, projectsQuery, tasksQuery } from '../features/tasks/queries'
import { TasksPage } from '../features/tasks/tasks-page'
import { chatQuery } from '../features/chat/queries'
import { client, firstLook, loadAccount } from './first-look'
import { Guard } from './guard'
import { Shell } from './shell'

/** Where people start comes with the first load; every other page is a file of its own, loaded when it is first looked at. */
export const router = createBrowserRouter([
  { path: '/sign-in', lazy: async () => ({ Component: (await import('../features/account/sign-in')).SignInPage }) },
  { path: '/register', lazy: async () => ({ Component: (await import('../features/account/sign-up')).SignUpPage }) },
  { path: '/confirm-registration', lazy: async () => ({ Component: (await import('../features/account/confirm')).ConfirmRegistrationPage }) },
  { path: '/confirm-email', lazy: async () => ({ Component: (await import('../features/account/confirm')).ConfirmEmailPage }) },
  { path: '/reset-password', lazy: async () => ({ Component: (await import('../features/account/reset')).ResetPage }) },
  {
    element: (
      <Guard>{start => <Shell start={start} />}</Guard>
    ),
    errorElement: <Broken />,
    loader: loadAccount,
    shouldRevalidate: () => false,
    children: [
      { index: true, element: <Navigate to="/chat" replace /> },
      { path: 'chat', loader: firstLook(() => client.prefetchInfiniteQuery(chatQuery)), Component: ChatPage },
      { path: 'tasks', loader: firstLook(() => Promise.all([client.prefetchInfiniteQuery(tasksQuery(allTasks)), client.prefetchQuery(projectsQuery)])), Component: TasksPage },
      { path: 'messages', lazy: async () => ({ Component: (await import('../features/messages/messages-page')).MessagesPage }) },
      { path: 'settings', lazy: async () => ({ Component: (await import('../features/settings/settings-page')).SettingsPage }) },
      { path: 'settings/whatsapp', lazy: async () => ({ Component: (await import('../features/whatsapp/whatsapp-settings')).WhatsAppSettings }) },
      { path: 'security', lazy: async () => ({ Component: (await import('../features/security/security-page')).SecurityPage }) },
      { path: 'admin', lazy: async () => ({ Component: (await import('../features/admin/admin-page')).AdminPage }) },
      { path: 'virtual-phone', lazy: async () => ({ Component: (await import('../features/sandbox/sandbox-page')).SandboxPage }) },
      { path: '*', element: <NotFound /> },
    ],
  },
])
